// SPDX-License-Identifier: Apache-2.0
/* networks.h - residual networks of any depth, with pseudo-random weights that
 * keep activations of all depths of about one size. */
#ifndef RESC_TESTS_DEEP_NETWORKS_H
#define RESC_TESTS_DEEP_NETWORKS_H

struct model;

/* torchvision's ResNet-50 family: stem, four stages of bottleneck blocks
 * (1x1, 3x3, 1x1, each with batch norm), pooling, classifier.  ResNet-152:
 * blocks 3, 8, 36, 3, width 64, size 224. */
struct model *bottleneck_network(const int blocks[4], int width, int size);

/* One stem and `n_blocks` identity blocks of two 3x3 convolutions: 1 + 2 *
 * n_blocks layers. */
struct model *basic_network(int n_blocks, int width, int size);

#endif
