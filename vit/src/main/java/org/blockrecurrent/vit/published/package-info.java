/**
 * Published weights: whose names they have, what model they are, and how they are read and written.
 *
 * <p>A file's names are translated to this project's by a table ({@link org.blockrecurrent.vit.published.NameTables}); what
 * the shapes of the tensors say and what a configuration beside them says must agree; out of both comes a {@link
 * org.blockrecurrent.vit.VitConfig}. {@code docs/adding-a-model.md} says how to add a family.
 */
@NullMarked
package org.blockrecurrent.vit.published;

import org.jspecify.annotations.NullMarked;
