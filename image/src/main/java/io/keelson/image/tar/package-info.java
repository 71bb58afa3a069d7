/** Tape archives of plain files: the little of tar that archives of disks need, and no more. */
@NullMarked
package io.keelson.image.tar;

import org.jspecify.annotations.NullMarked;
