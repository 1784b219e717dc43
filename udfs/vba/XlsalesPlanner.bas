Attribute VB_Name = "XlsalesPlanner"
' The buttons of a planner. Excel finds a button's macro by its name alone, in whichever open workbook: every planner
' has these. So the macro hands over to the planner in front, the only one whose buttons are shown.
' Excel passes an IRibbonControl; As Object needs no reference to the library of Office.
Option Explicit

Public Sub XlsalesPlannerRefresh(control As Object)
    HandOver "Refresh"
End Sub

Public Sub XlsalesPlannerAbout(control As Object)
    HandOver "About"
End Sub

' What a button does in this planner; the macros of other planners run it.
Public Sub XlsalesPlannerAct(ByVal button As String)
    Buttons.Act button
End Sub

Private Sub HandOver(ByVal button As String)
    Dim front As String
    On Error GoTo Failed
    front = ThisWorkbook.Name
    If Not (ActiveWorkbook Is Nothing) Then front = ActiveWorkbook.Name
    If front = ThisWorkbook.Name Then
        Buttons.Act button
    Else
        Application.Run "'" & Replace(front, "'", "''") & "'!XlsalesPlanner.XlsalesPlannerAct", button
    End If
    Exit Sub
Failed:
    Messages.Tell button & " did not reach " & front & ": " & Err.Description & vbCrLf & _
        "Enable the macros of that workbook, or close the other planners, and try again."
End Sub
