/**
 * Pictures: read from files, resized and cropped to the last bit as Pillow and torchvision do, and drawn.
 *
 * <p>Reading uses the JDK's decoders with the steps that make them equal to Pillow's; where that is impossible a file is
 * refused, never read to other pixels. Everything here is a function of its arguments, and may be called by several
 * threads.
 */
@NullMarked
package org.blockrecurrent.vit.image;

import org.jspecify.annotations.NullMarked;
