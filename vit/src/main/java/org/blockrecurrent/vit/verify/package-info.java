/** Golden values computed again: the same checks serve the tests and {@code raptor verify}. */
@NullMarked
package org.blockrecurrent.vit.verify;

import org.jspecify.annotations.NullMarked;
