export { augmentationStage as stage } from '@serflow/ingest'
