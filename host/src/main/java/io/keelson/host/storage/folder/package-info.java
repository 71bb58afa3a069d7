/**
 * Repositories that are folders of thin qcow2 images.
 *
 * <p>{@link io.keelson.host.storage.folder.Repository} is the entry: it says whose turn it is. A
 * {@link io.keelson.host.storage.folder.Folder} knows how a repository lies on the disk, and a
 * {@link io.keelson.host.storage.folder.Chain} what an image rests on.
 */
@NullMarked
package io.keelson.host.storage.folder;

import org.jspecify.annotations.NullMarked;
