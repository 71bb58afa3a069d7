@NullMarked
package io.keelson.control.vm.guest;

import org.jspecify.annotations.NullMarked;
