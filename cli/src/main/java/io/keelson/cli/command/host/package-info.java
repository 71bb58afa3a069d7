/**
 * Commands of xe for hosts: power, settings, files, licences, patches, and looks at what is wrong.
 */
@NullMarked
package io.keelson.cli.command.host;

import org.jspecify.annotations.NullMarked;
