/**
 * Alarms: limits that administrators set for what is measured, and changes that are watched for.
 */
@NullMarked
package io.keelson.control.alert.alarm;

import org.jspecify.annotations.NullMarked;
