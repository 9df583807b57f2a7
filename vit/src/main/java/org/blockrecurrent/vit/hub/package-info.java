/**
 * Published models: what they are called, where they are published, where caches of other programs keep them, and how to
 * download them when asked to.
 *
 * <p>Nothing here knows what a model is made of. Nothing is downloaded unless {@link
 * org.blockrecurrent.vit.hub.ModelDownloader} is called; whatever has a published hash is kept only if it has that hash.
 */
@NullMarked
package org.blockrecurrent.vit.hub;

import org.jspecify.annotations.NullMarked;
