/** Objects of the API as commands show and set them. */
@NullMarked
package io.keelson.cli.record;

import org.jspecify.annotations.NullMarked;
