export { manifestStage as stage } from '@serflow/ingest'
