/** What domains do by themselves: who on this side hears of it, and in which order. */
@NullMarked
package io.keelson.control.vm.domain;

import org.jspecify.annotations.NullMarked;
