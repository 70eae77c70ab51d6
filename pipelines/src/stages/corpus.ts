export { corpusStage as stage } from '@serflow/ingest'
