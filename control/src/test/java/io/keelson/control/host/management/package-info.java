/** Tests of how hosts are reached. */
@NullMarked
package io.keelson.control.host.management;

import org.jspecify.annotations.NullMarked;
