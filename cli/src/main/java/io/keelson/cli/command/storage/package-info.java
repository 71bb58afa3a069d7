/** Commands of xe for repositories and their disks. */
@NullMarked
package io.keelson.cli.command.storage;

import org.jspecify.annotations.NullMarked;
