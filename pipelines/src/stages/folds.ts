export { foldsStage as stage } from '@serflow/ingest'
