@NullMarked
package io.keelson.model;

import org.jspecify.annotations.NullMarked;
