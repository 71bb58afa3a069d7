/** Copies of a pool's database on disks of repositories, for whoever recovers the pool's VMs. */
@NullMarked
package io.keelson.image.database;

import org.jspecify.annotations.NullMarked;
