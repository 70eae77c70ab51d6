export { ridgeStage as stage } from '@serflow/model'
