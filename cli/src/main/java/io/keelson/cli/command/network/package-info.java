/** Commands of xe for networks and the interfaces of hosts. */
@NullMarked
package io.keelson.cli.command.network;

import org.jspecify.annotations.NullMarked;
