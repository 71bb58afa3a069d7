/** Tests of alarms. */
@NullMarked
package io.keelson.control.alert.alarm;

import org.jspecify.annotations.NullMarked;
