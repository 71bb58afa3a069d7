/** The whole database as one XML file, in the layout that XenAPI's clients keep as a backup. */
@NullMarked
package io.keelson.control.database.dump;

import org.jspecify.annotations.NullMarked;
