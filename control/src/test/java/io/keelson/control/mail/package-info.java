/** Tests of mail. */
@NullMarked
package io.keelson.control.mail;

import org.jspecify.annotations.NullMarked;
