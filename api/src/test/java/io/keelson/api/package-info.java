@NullMarked
package io.keelson.api;

import org.jspecify.annotations.NullMarked;
