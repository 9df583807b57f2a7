package org.blockrecurrent.vit.training;

import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.ImageSet;

/** A trained, frozen Vision Transformer and what is known of it. */
public record Teacher(VisionTransformer model, TeacherCard card) {

  /** The images of a set in order, normalized as this teacher wants them. */
  public Batches evaluation(ImageSet set, int batch) {
    return Batches.evaluation(set, card.normalization(), batch);
  }
}
