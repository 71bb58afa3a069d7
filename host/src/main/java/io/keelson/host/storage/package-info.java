/**
 * Kinds of storage repositories: folders, shares and devices that hold images of disks, and images
 * and devices that are there already. {@link io.keelson.host.storage.Storages} has them all.
 */
@NullMarked
package io.keelson.host.storage;

import org.jspecify.annotations.NullMarked;
