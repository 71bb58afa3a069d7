@NullMarked
package io.keelson.control.database.dump;

import org.jspecify.annotations.NullMarked;
