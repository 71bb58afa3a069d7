@NullMarked
package io.keelson.control.session;

import org.jspecify.annotations.NullMarked;
