/** What agents inside guests say of them, and what they are asked to do. */
@NullMarked
package io.keelson.control.vm.guest;

import org.jspecify.annotations.NullMarked;
