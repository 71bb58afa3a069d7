package io.keelson.store;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Ref;

/** Which object: class and reference. */
public record ObjectId<R extends ApiRecord>(ApiClass<R> apiClass, Ref<R> ref) {}
