/** Turns the model into Java source and a reference in Markdown. Used when building only. */
@NullMarked
package io.keelson.codegen;

import org.jspecify.annotations.NullMarked;
