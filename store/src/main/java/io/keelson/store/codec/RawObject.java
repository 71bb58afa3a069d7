package io.keelson.store.codec;

import io.keelson.api.Value;
import java.util.Map;

/**
 * An object, or a change to one, as a file holds it: by names, whether or not this program's model
 * has them.
 *
 * @param fields all stored fields of an object; of a change, those that it sets
 */
public record RawObject(String apiClass, Map<String, Value> fields) {}
