export { balanceStage as stage } from '@serflow/ingest'
