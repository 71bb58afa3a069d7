/**
 * The model: what the API reference says of every class, field, message, enum and error, read from
 * one YAML file a class. Used when building only.
 */
@NullMarked
package io.keelson.model;

import org.jspecify.annotations.NullMarked;
