export { trainStage as stage } from '@serflow/model'
