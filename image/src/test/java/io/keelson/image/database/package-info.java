@NullMarked
package io.keelson.image.database;

import org.jspecify.annotations.NullMarked;
