/** Pages as Markdown. */
@NullMarked
package io.keelson.reference.markdown;

import org.jspecify.annotations.NullMarked;
