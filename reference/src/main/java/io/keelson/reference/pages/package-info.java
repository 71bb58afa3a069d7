/** What the pages say. */
@NullMarked
package io.keelson.reference.pages;

import org.jspecify.annotations.NullMarked;
