/** Whether what a server keeps fits together, whatever was done to it. */
@NullMarked
package io.keelson.testkit.consistency;

import org.jspecify.annotations.NullMarked;
