/**
 * Alerts for administrators: objects of class message, which clients raise and the product itself.
 */
@NullMarked
package io.keelson.control.alert;

import org.jspecify.annotations.NullMarked;
