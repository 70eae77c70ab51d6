export { historyStage as stage } from '@serflow/model'
