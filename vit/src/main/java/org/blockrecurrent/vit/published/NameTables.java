package org.blockrecurrent.vit.published;

/**
 * The names of every library and family, as files have them. Sources: facebookresearch/dinov2 b8931f7, transformers 5.23
 * (which writes the older names and has the newer ones in memory), timm 1.0.31, openai/CLIP.
 */
final class NameTables {
    private static final String DINOV2_HUB = """
            cls_token              =
            pos_embed              =
            register_tokens        =
            mask_token             =
            patch_embed.proj.*     =
            blocks.#.norm1.*       =
            blocks.#.attn.qkv.*    =
            blocks.#.attn.proj.*   =
            blocks.#.ls1.gamma     =
            blocks.#.norm2.*       =
            blocks.#.mlp.fc1.*     =
            blocks.#.mlp.fc2.*     =
            blocks.#.mlp.w12.*     =
            blocks.#.mlp.w3.*      =
            blocks.#.ls2.gamma     =
            norm.*                 =
            """;

    private static final String TIMM = """
            cls_token              =
            dist_token             =
            pos_embed              =
            register_tokens        reg_token
            patch_embed.proj.*     =
            norm_pre.*             =
            blocks.#.norm1.*       =
            blocks.#.attn.qkv.*    =
            blocks.#.attn.proj.*   =
            blocks.#.ls1.gamma     =
            blocks.#.norm2.*       =
            blocks.#.ls2.gamma     =
            norm.*                 =
            fc_norm.*              =
            attn_pool.latent       =
            attn_pool.qkv.*        attn_pool.{q|kv:2}.*
            attn_pool.proj.*       =
            attn_pool.norm.*       =
            attn_pool.mlp.fc1.*    =
            attn_pool.mlp.fc2.*    =
            head.*                 =
            head_dist.*            =
            """;

    private static final String TIMM_MLP = """
            blocks.#.mlp.fc1.*     =
            blocks.#.mlp.fc2.*     =
            """;

    /** SwiGLUPacked: the same names as for a plain MLP; the shapes tell them apart. */
    private static final String TIMM_GATED = """
            blocks.#.mlp.w12.*     blocks.#.mlp.fc1.*
            blocks.#.mlp.w3.*      blocks.#.mlp.fc2.*
            """;

    private static final String HF_DINOV2 = """
            cls_token              embeddings.cls_token
            pos_embed              embeddings.position_embeddings
            register_tokens        embeddings.register_tokens
            mask_token             embeddings.mask_token
            patch_embed.proj.*     embeddings.patch_embeddings.projection.*
            blocks.#.norm1.*       encoder.layer.#.norm1.*
            blocks.#.attn.qkv.*    encoder.layer.#.attention.attention.{query|key|value}.*    encoder.layer.#.attention.{q_proj|k_proj|v_proj}.*
            blocks.#.attn.proj.*   encoder.layer.#.attention.output.dense.*                   encoder.layer.#.attention.o_proj.*
            blocks.#.ls1.gamma     encoder.layer.#.layer_scale1.lambda1
            blocks.#.norm2.*       encoder.layer.#.norm2.*
            blocks.#.mlp.fc1.*     encoder.layer.#.mlp.fc1.*
            blocks.#.mlp.fc2.*     encoder.layer.#.mlp.fc2.*
            blocks.#.mlp.w12.*     encoder.layer.#.mlp.weights_in.*                           encoder.layer.#.mlp.{gate_proj|up_proj}.*
            blocks.#.mlp.w3.*      encoder.layer.#.mlp.weights_out.*                          encoder.layer.#.mlp.down_proj.*
            blocks.#.ls2.gamma     encoder.layer.#.layer_scale2.lambda1
            norm.*                 layernorm.*
            head.*                 classifier.*
            """;

    private static final String HF_VIT = """
            cls_token              embeddings.cls_token
            dist_token             embeddings.distillation_token
            pos_embed              embeddings.position_embeddings
            patch_embed.proj.*     embeddings.patch_embeddings.projection.*
            blocks.#.norm1.*       encoder.layer.#.layernorm_before.*                         layers.#.layernorm_before.*
            blocks.#.attn.qkv.*    encoder.layer.#.attention.attention.{query|key|value}.*    layers.#.attention.{q_proj|k_proj|v_proj}.*
            blocks.#.attn.proj.*   encoder.layer.#.attention.output.dense.*                   layers.#.attention.o_proj.*
            blocks.#.norm2.*       encoder.layer.#.layernorm_after.*                          layers.#.layernorm_after.*
            blocks.#.mlp.fc1.*     encoder.layer.#.intermediate.dense.*                       layers.#.mlp.fc1.*
            blocks.#.mlp.fc2.*     encoder.layer.#.output.dense.*                             layers.#.mlp.fc2.*
            norm.*                 layernorm.*
            pooler.dense.*         =
            """;

    private static final String HF_HEAD = """
            head.*                 classifier.*
            """;

    private static final String HF_DISTILLED_HEADS = """
            head.*                 cls_classifier.*
            head_dist.*            distillation_classifier.*
            """;

    private static final String HF_CLIP_AND_SIGLIP = """
            cls_token              embeddings.class_embedding                                 flat
            pos_embed              embeddings.position_embedding.weight                       flat
            patch_embed.proj.*     embeddings.patch_embedding.*
            norm_pre.*             pre_layrnorm.*
            blocks.#.norm1.*       encoder.layers.#.layer_norm1.*
            blocks.#.attn.qkv.*    encoder.layers.#.self_attn.{q_proj|k_proj|v_proj}.*
            blocks.#.attn.proj.*   encoder.layers.#.self_attn.out_proj.*
            blocks.#.norm2.*       encoder.layers.#.layer_norm2.*
            blocks.#.mlp.fc1.*     encoder.layers.#.mlp.fc1.*
            blocks.#.mlp.fc2.*     encoder.layers.#.mlp.fc2.*
            norm.*                 post_layernorm.*
            head.weight            visual_projection.weight
            attn_pool.latent       head.probe
            attn_pool.qkv.*        head.attention.in_proj_*
            attn_pool.proj.*       head.attention.out_proj.*
            attn_pool.norm.*       head.layernorm.*
            attn_pool.mlp.fc1.*    head.mlp.fc1.*
            attn_pool.mlp.fc2.*    head.mlp.fc2.*
            """;

    private static final String OPENAI_CLIP = """
            cls_token              class_embedding                                            flat
            pos_embed              positional_embedding                                       flat
            patch_embed.proj.*     conv1.*
            norm_pre.*             ln_pre.*
            blocks.#.norm1.*       transformer.resblocks.#.ln_1.*
            blocks.#.attn.qkv.*    transformer.resblocks.#.attn.in_proj_*
            blocks.#.attn.proj.*   transformer.resblocks.#.attn.out_proj.*
            blocks.#.norm2.*       transformer.resblocks.#.ln_2.*
            blocks.#.mlp.fc1.*     transformer.resblocks.#.mlp.c_fc.*
            blocks.#.mlp.fc2.*     transformer.resblocks.#.mlp.c_proj.*
            norm.*                 ln_post.*
            head.weight            proj                                                       transposed
            """;

    private NameTables() {}

    /**
     * The table of a scheme, which for Hugging Face depends on the family.
     *
     * @param gated whether the MLP is SwiGLU
     * @param distilled whether there is a head for each of two class tokens
     */
    static NameTable of(NamingScheme scheme, Family family, boolean gated, boolean distilled) {
        return switch (scheme) {
            case HUB -> NameTable.parse(DINOV2_HUB);
            case TIMM -> NameTable.parse(TIMM, gated ? TIMM_GATED : TIMM_MLP);
            case OPENAI -> NameTable.parse(OPENAI_CLIP);
            case HF ->
                switch (family) {
                    case DINOV2 -> NameTable.parse(HF_DINOV2);
                    case VIT -> NameTable.parse(HF_VIT, distilled ? HF_DISTILLED_HEADS : HF_HEAD);
                    case CLIP, SIGLIP -> NameTable.parse(HF_CLIP_AND_SIGLIP);
                };
        };
    }
}
