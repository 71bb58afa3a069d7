/** By which interface, and under which name, hosts are reached. */
@NullMarked
package io.keelson.control.host.management;

import org.jspecify.annotations.NullMarked;
