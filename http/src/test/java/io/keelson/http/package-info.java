@NullMarked
package io.keelson.http;

import org.jspecify.annotations.NullMarked;
