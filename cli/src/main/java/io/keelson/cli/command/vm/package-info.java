/** Commands of xe for virtual machines, templates and snapshots, alone and in groups. */
@NullMarked
package io.keelson.cli.command.vm;

import org.jspecify.annotations.NullMarked;
