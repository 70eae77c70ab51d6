export type { ElementType, TypedArray } from './element-type.js'
export { graphBuilder, type Attribute, type DynamicShape, type GraphBuilder } from './graph.js'
export { readModelMetadata } from './metadata.js'
