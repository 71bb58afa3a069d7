/** Tests of alerts. */
@NullMarked
package io.keelson.control.alert;

import org.jspecify.annotations.NullMarked;
