/**
 * The vocabulary of the XenServer Management API in Java: references, types, fields, messages and
 * errors. Records, enums and message interfaces are generated from the model beside these.
 */
@NullMarked
package io.keelson.api;

import org.jspecify.annotations.NullMarked;
