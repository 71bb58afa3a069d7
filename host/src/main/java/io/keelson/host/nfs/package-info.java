/** A client of NFS version 3 (RFC 1813), as a Java file system, for hosts whose kernel has none. */
@NullMarked
package io.keelson.host.nfs;

import org.jspecify.annotations.NullMarked;
