/**
 * Storage: repositories and their connections to hosts, virtual disks, and the drives of VMs. The
 * handlers of the messages of SR, PBD, VDI and VBD, their rules, and the derivation of their
 * allowed operations.
 */
@NullMarked
package io.keelson.control.storage;

import org.jspecify.annotations.NullMarked;
