/** Tests of appliances. */
@NullMarked
package io.keelson.control.appliance;

import org.jspecify.annotations.NullMarked;
